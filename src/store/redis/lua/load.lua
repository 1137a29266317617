-- ARGV: board, lane. Answers events, rows, timers, what is kept of the lane, and the newest arrival.
local board, lane = ARGV[1], ARGV[2]
local events = {}
for _, action in ipairs(redis.call('ZRANGE', at_lane('in', board, lane), 0, -1)) do
  events[#events + 1] = redis.call('HGET', at_lane('event', board, lane), action)
end
local rows = {}
for _, id in ipairs(redis.call('ZRANGE', at_lane('out', board, lane), 0, -1)) do
  local row = redis.call('HMGET', P .. 'row:' .. id, 'effect', 'attempts', 'not_before', 'doubt', 'since')
  table.insert(row, 1, id)
  rows[#rows + 1] = row
end
local timers = redis.call('HGETALL', at_lane('timers', board, lane))
local kept = redis.call('HMGET', at_lane('lane', board, lane), 'memory', 'edition', 'attempts', 'not_before')
local newest = redis.call('ZREVRANGE', at_lane('got', board, lane), 0, 0, 'WITHSCORES')
return { events, rows, timers, kept, newest[2] or false }
