-- What every script of the store begins with. KEYS[1] is the partition's lease; every other key of
-- the partition begins as it does and stands in the same slot:
--
--   boards                the boards' ids
--   board:B               version, process, bindings, state, revision, seen, seen_at, activation
--   versions:B            version -> process, and `bindings` with the version -> bindings
--   dates:B               version -> when it was put in force, the last time
--   known:B:MONTH         ids of actions heard of, by the month of the action
--   lanes:B               every lane of the board
--   lane:B:L              memory, standing, loads, edition, attempts, not_before, step: the last ones
--   in:B:L  got:B:L       ids of events not yet judged, by their own time and by their arrival
--   event:B:L             id -> the event
--   out:B:L               ids of effects, in the order in which they are done
--   row:N                 one effect
--   timers:B:L            name -> instant
--   count:B               stage -> cards
--   loads:B               `open`, `given` and `last` with a person -> cards, times, instant
--   history:B             number -> lane and line; history:B:L and decisions:B hold numbers of it
--   heard first other     lanes that are due, by when (see `refresh`)
--   parked:B              lanes of a board that is not running
--   oldest:event oldest:effect   lanes by what has waited longest in them
--   dead letter:N         what was given up
--   aside                 deliveries that could not be read
--   tally                 how many events and effects wait
--   ids                   the last number given out
--
-- Instants are microseconds.
local P = string.sub(KEYS[1], 1, -6)

-- Rows of a lane stand by their rank, and then by their numbers, which are lower than this.
local RANK = 2 ^ 46

local function whole(number)
  return string.format('%.0f', number)
end

local function at_lane(kind, board, lane)
  return P .. kind .. ':' .. board .. ':' .. lane
end

local function tally(what, change)
  if change ~= 0 then
    redis.call('HINCRBY', P .. 'tally', what, change)
  end
end

local function first_of(key)
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  return first[1], tonumber(first[2])
end

local function place(set, member, score)
  if score then
    redis.call('ZADD', P .. set, whole(score), member)
  else
    redis.call('ZREM', P .. set, member)
  end
end

local function sooner(one, other)
  if one and other then
    return math.min(one, other)
  end
  return one or other
end

local function last_of(one, other)
  if one and other then
    return math.max(one, other)
  end
  return one or other
end

local function refresh_due(board, lane, member, arrived, row)
  local not_before = tonumber(redis.call('HGET', at_lane('lane', board, lane), 'not_before'))
  local heard, first, other
  if arrived and not_before and not_before >= arrived then
    first = not_before
  else
    heard = arrived
  end
  local timers = redis.call('HVALS', at_lane('timers', board, lane))
  for _, timer in ipairs(timers) do
    first = sooner(first, last_of(tonumber(timer), not_before))
  end
  if row then
    local told = redis.call('HMGET', P .. 'row:' .. row, 'slot', 'not_before')
    if told[1] == 'stuck' or told[1] == 'place' then
      first = sooner(first, tonumber(told[2]))
    else
      other = tonumber(told[2])
    end
  end
  place('heard', member, heard)
  place('first', member, first)
  place('other', member, other)
end

-- Where a card goes comes first, and what waits to be said may be older.
local function oldest_of(board, lane, row, rank)
  local rows = { row }
  if rank < 2 * RANK then
    rows = redis.call('ZRANGE', at_lane('out', board, lane), 0, -1)
  end
  local oldest
  for _, id in ipairs(rows) do
    oldest = sooner(oldest, tonumber(redis.call('HGET', P .. 'row:' .. id, 'since')))
  end
  return oldest
end

-- Works out anew when a lane is due: `heard` holds arrivals, which settle first; `first` what is
-- judged or moved at that instant; `other` what is merely said or seeded.
local function refresh(board, lane)
  local member = board .. ' ' .. lane
  local _, arrived = first_of(at_lane('got', board, lane))
  local row, rank = first_of(at_lane('out', board, lane))
  place('oldest:event', member, arrived)
  place('oldest:effect', member, row and oldest_of(board, lane, row, rank))
  if redis.call('HGET', P .. 'board:' .. board, 'state') == 'running' then
    redis.call('SREM', P .. 'parked:' .. board, lane)
    refresh_due(board, lane, member, arrived, row)
  else
    redis.call('ZREM', P .. 'heard', member)
    redis.call('ZREM', P .. 'first', member)
    redis.call('ZREM', P .. 'other', member)
    redis.call('SADD', P .. 'parked:' .. board, lane)
  end
end

local function refresh_board(board)
  for _, lane in ipairs(redis.call('SMEMBERS', P .. 'lanes:' .. board)) do
    refresh(board, lane)
  end
end

-- What of that an arrival changes, for half the calls: what came earlier stands there already.
local function arrive(board, lane, now)
  local member = board .. ' ' .. lane
  redis.call('ZADD', P .. 'oldest:event', 'LT', now, member)
  if redis.call('HGET', P .. 'board:' .. board, 'state') ~= 'running' then
    redis.call('SADD', P .. 'parked:' .. board, lane)
  elseif redis.call('HEXISTS', at_lane('lane', board, lane), 'not_before') == 1 then
    refresh(board, lane)
  else
    redis.call('ZADD', P .. 'heard', 'LT', now, member)
  end
end

-- Whether an action is heard of for the first time.
local function is_new(board, month, action)
  local key = P .. 'known:' .. board .. ':' .. month
  local new = redis.call('SADD', key, action) == 1
  if new and redis.call('TTL', key) < 0 then
    redis.call('EXPIRE', key, 400 * 86400)
  end
  return new
end

local function take_in(board, event, now)
  if not is_new(board, event.month, event.action) then
    return false
  end
  redis.call('SADD', P .. 'lanes:' .. board, event.lane)
  redis.call('ZADD', at_lane('in', board, event.lane), event.at, event.action)
  redis.call('ZADD', at_lane('got', board, event.lane), now, event.action)
  redis.call('HSET', at_lane('event', board, event.lane), event.action, event.body)
  tally('events', 1)
  arrive(board, event.lane, now)
  return true
end

local function drop_event(board, lane, action)
  if redis.call('ZREM', at_lane('in', board, lane), action) == 1 then
    redis.call('ZREM', at_lane('got', board, lane), action)
    redis.call('HDEL', at_lane('event', board, lane), action)
    tally('events', -1)
  end
end

local function drop_row(board, lane, id)
  if redis.call('ZREM', at_lane('out', board, lane), id) == 1 then
    redis.call('DEL', P .. 'row:' .. id)
    tally('effects', -1)
  end
end

local RANKS = { stuck = 0, place = 1 }

-- Puts a row in its place among its lane's: where the card goes comes before what is said of it.
local function line_up(board, lane, id, slot)
  local rank = RANKS[slot] or 2
  redis.call('ZADD', at_lane('out', board, lane), whole(rank * RANK + tonumber(id)), id)
  tally('effects', 1)
end

-- What each person has on the board, summed up over its cards: the card's part of it is another by now.
local function count_loads(board, key, loads)
  local before = redis.call('HGET', key, 'loads') or ''
  if before == loads then
    return
  end
  local all, people = P .. 'loads:' .. board, {}
  local function change(field, by)
    if by ~= 0 then
      redis.call('HINCRBY', all, field, by)
    end
  end
  local function add(part, sign)
    if part == '' then
      return
    end
    for _, one in ipairs(cjson.decode(part)) do
      local who, last = one[1], 'last ' .. one[1]
      people[who] = true
      change('open ' .. who, sign * one[2])
      change('given ' .. who, sign * one[3])
      if sign > 0 and one[4] > tonumber(redis.call('HGET', all, last) or '0') then
        redis.call('HSET', all, last, whole(one[4]))
      end
    end
  end
  add(before, -1)
  add(loads, 1)
  for who in pairs(people) do
    local has = redis.call('HMGET', all, 'open ' .. who, 'given ' .. who)
    if (has[1] or '0') == '0' and (has[2] or '0') == '0' then
      redis.call('HDEL', all, 'open ' .. who, 'given ' .. who, 'last ' .. who)
    end
  end
  redis.call('HSET', key, 'loads', loads)
end

-- A card that is archived, gone or in a free list has no standing and takes no place.
local function remember(board, lane, memory, standing, loads)
  local key = at_lane('lane', board, lane)
  local before = redis.call('HGET', key, 'standing')
  if before and before ~= '' then
    redis.call('HINCRBY', P .. 'count:' .. board, before, -1)
  end
  if standing and standing ~= '' then
    redis.call('HINCRBY', P .. 'count:' .. board, standing, 1)
  end
  count_loads(board, key, loads or '')
  redis.call('HSET', key, 'memory', memory, 'standing', standing or '')
  redis.call('HINCRBY', key, 'edition', 1)
  redis.call('SADD', P .. 'lanes:' .. board, lane)
end

local function see(board, action, at)
  local key = P .. 'board:' .. board
  local before = redis.call('HGET', key, 'seen_at')
  if not before or tonumber(at) >= tonumber(before) then
    redis.call('HSET', key, 'seen', action, 'seen_at', at)
  end
end
