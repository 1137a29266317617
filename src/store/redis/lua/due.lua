-- ARGV: now, settle, most. Answers the lanes that are due as [class, instant, lane] and the next instant.
-- The one script that is run without there being work, so it is without what `common.lua` makes.
local P = string.sub(KEYS[1], 1, -6)
local now, settle, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local due, next_at = {}, nil
local PAGES = 64

local function whole(number)
  return string.format('%.0f', number)
end

local function later(instant)
  if instant and (not next_at or instant < next_at) then
    next_at = instant
  end
end

-- A client in an outside place and a person's way are lanes with a slash in their names. There may be
-- hundreds of them, and few are worked on at once: they come last, and cards are looked for behind them.
local function is_beside(member)
  return string.find(member, '/', 1, true) ~= nil
end

local function look(set, class, delay)
  local first = tonumber(redis.call('ZRANGE', P .. set, 0, 0, 'WITHSCORES')[2])
  if not first then
    return
  end
  if first + delay > now then
    later(first + delay)
    return
  end
  local till, cards, beside = whole(now - delay), 0, 0
  local function take(member, instant)
    if is_beside(member) then
      beside = beside + 1
      if beside <= most then
        due[#due + 1] = { 2, instant, member }
      end
    else
      cards = cards + 1
      due[#due + 1] = { class, instant, member }
    end
  end
  for page = 0, PAGES - 1 do
    local found = redis.call('ZRANGE', P .. set, '-inf', till, 'BYSCORE', 'LIMIT', page * most, most, 'WITHSCORES')
    for n = 1, #found, 2 do
      take(found[n], whole(tonumber(found[n + 1]) + delay))
    end
    if #found < 2 * most or cards >= most then
      break
    end
  end
  local behind = redis.call('ZRANGE', P .. set, '(' .. till, '+inf', 'BYSCORE', 'LIMIT', 0, 1, 'WITHSCORES')
  later(behind[2] and tonumber(behind[2]) + delay)
end
look('heard', 0, settle)
look('first', 0, 0)
look('other', 1, 0)
return { due, next_at and whole(next_at) or false }
