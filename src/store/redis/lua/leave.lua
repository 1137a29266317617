-- ARGV: a board and a lane of it, of which nothing is to stay. Answers how many things went.
local board, lane, gone = ARGV[1], ARGV[2], 0
for _, action in ipairs(redis.call('ZRANGE', at_lane('in', board, lane), 0, -1)) do
  drop_event(board, lane, action)
  gone = gone + 1
end
for _, id in ipairs(redis.call('ZRANGE', at_lane('out', board, lane), 0, -1)) do
  drop_row(board, lane, id)
  gone = gone + 1
end
for _, id in ipairs(redis.call('ZRANGE', P .. 'dead', 0, -1)) do
  local number = tonumber(id)
  local letter = P .. 'letter:' .. id
  if number % 2 == 1 then
    letter = P .. 'row:' .. whole((number - 1) / 2)
  end
  local of = redis.call('HMGET', letter, 'board', 'lane')
  if of[1] == board and of[2] == lane then
    redis.call('DEL', letter)
    redis.call('ZREM', P .. 'dead', id)
    gone = gone + 1
  end
end
gone = gone + redis.call('DEL', at_lane('lane', board, lane))
redis.call('DEL', at_lane('timers', board, lane), at_lane('history', board, lane))
refresh(board, lane)
redis.call('SREM', P .. 'parked:' .. board, lane)
redis.call('SREM', P .. 'lanes:' .. board, lane)
return gone
