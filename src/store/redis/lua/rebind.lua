-- ARGV: board, revision, bindings. Answers 0 where the board changed since that revision.
local key = P .. 'board:' .. ARGV[1]
if redis.call('HGET', key, 'revision') ~= ARGV[2] then
  return 0
end
redis.call('HSET', key, 'bindings', ARGV[3])
redis.call('HINCRBY', key, 'revision', 1)
return 1
