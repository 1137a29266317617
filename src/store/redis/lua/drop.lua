-- ARGV: an effect's number. It is not done any more.
local row = P .. 'row:' .. ARGV[1]
local told = redis.call('HMGET', row, 'board', 'lane')
if told[1] then
  drop_row(told[1], told[2], ARGV[1])
  redis.call('ZREM', P .. 'dead', whole(ARGV[1] * 2 + 1))
  redis.call('DEL', row)
  refresh(told[1], told[2])
end
return 1
