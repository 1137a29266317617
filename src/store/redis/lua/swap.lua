-- KEYS[1]: a small value that machines share. ARGV: what it was, what it shall be, seconds it is kept.
-- Answers 0 where it is something else by now.
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
