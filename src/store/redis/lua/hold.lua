-- ARGV: machine, milliseconds, whether a free partition is wanted. Takes or renews the lease by the
-- server's own clock. Answers the fence that every commit must show, or false where it is another's.
local machine, lasts, wanted = ARGV[1], tonumber(ARGV[2]), ARGV[3] == '1'
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local told = redis.call('HMGET', KEYS[1], 'owner', 'until', 'fence')
local ends = tonumber(told[2] or '0')
-- None is given for so long: the server's clock was set back since, and whoever lives renews it soon.
local free = not told[1] or told[1] == '' or ends <= now or ends > now + 2 * lasts
if told[1] == machine then
  redis.call('HSET', KEYS[1], 'until', string.format('%.0f', now + lasts))
  return told[3]
elseif free and wanted then
  local fence = tostring(redis.call('HINCRBY', KEYS[1], 'fence', 1))
  redis.call('HSET', KEYS[1], 'owner', machine, 'until', string.format('%.0f', now + lasts))
  return fence
end
return false
