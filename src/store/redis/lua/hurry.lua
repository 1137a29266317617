-- ARGV: now. What waits for a later attempt may be tried now.
local now = tonumber(ARGV[1])
for _, board in ipairs(redis.call('SMEMBERS', P .. 'boards')) do
  for _, lane in ipairs(redis.call('SMEMBERS', P .. 'lanes:' .. board)) do
    local put_off = redis.call('HDEL', at_lane('lane', board, lane), 'not_before') == 1
    for _, id in ipairs(redis.call('ZRANGE', at_lane('out', board, lane), 0, -1)) do
      local row = P .. 'row:' .. id
      if tonumber(redis.call('HGET', row, 'not_before')) > now then
        redis.call('HSET', row, 'not_before', ARGV[1])
        put_off = true
      end
    end
    -- What was received by a clock that has been set back since lies ahead.
    local got = at_lane('got', board, lane)
    for _, action in ipairs(redis.call('ZRANGE', got, '(' .. ARGV[1], '+inf', 'BYSCORE')) do
      redis.call('ZADD', got, ARGV[1], action)
      put_off = true
    end
    if put_off then
      refresh(board, lane)
    end
  end
end
return 1
