-- ARGV: now, settle, most. Answers the lanes that are due as [class, instant, lane] and the next instant.
local now, settle, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local due, next_at = {}, nil
local function look(set, class, delay)
  local found = redis.call('ZRANGE', P .. set, '-inf', whole(now - delay), 'BYSCORE', 'LIMIT', 0, most, 'WITHSCORES')
  for n = 1, #found, 2 do
    due[#due + 1] = { class, whole(tonumber(found[n + 1]) + delay), found[n] }
  end
  local later = redis.call('ZRANGE', P .. set, '(' .. whole(now - delay), '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
  next_at = sooner(next_at, later[2] and tonumber(later[2]) + delay)
end
look('heard', 0, settle)
look('first', 0, 0)
look('other', 1, 0)
return { due, next_at and whole(next_at) or false }
