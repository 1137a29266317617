-- ARGV: now, then the numbers of letters; none: all. Answers how many are tried again.
local now, ids = ARGV[1], {}
for n = 2, #ARGV do
  ids[#ids + 1] = ARGV[n]
end
if #ids == 0 then
  ids = redis.call('ZRANGE', P .. 'dead', 0, -1)
end

local function effect_again(id)
  local row = P .. 'row:' .. id
  local told = redis.call('HMGET', row, 'board', 'lane', 'slot')
  redis.call('HDEL', row, 'dead')
  redis.call('HSET', row, 'attempts', '0', 'doubt', '1', 'not_before', now)
  line_up(told[1], told[2], id, told[3])
  refresh(told[1], told[2])
end

local function event_again(id)
  local letter = P .. 'letter:' .. id
  local told = redis.call('HMGET', letter, 'board', 'lane', 'action', 'at', 'arrived', 'body')
  local board, lane, action = told[1], told[2], told[3]
  redis.call('ZADD', at_lane('in', board, lane), told[4], action)
  redis.call('ZADD', at_lane('got', board, lane), told[5], action)
  redis.call('HSET', at_lane('event', board, lane), action, told[6])
  redis.call('DEL', letter)
  tally('events', 1)
  refresh(board, lane)
end

local again = 0
for _, id in ipairs(ids) do
  if redis.call('ZREM', P .. 'dead', id) == 1 then
    local number = tonumber(id)
    if number % 2 == 1 then
      effect_again(whole((number - 1) / 2))
    else
      event_again(id)
    end
    again = again + 1
  end
end
return again
