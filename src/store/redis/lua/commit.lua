-- ARGV: one step as JSON. Answers `done`, `conflict` or, where the partition is another machine's by
-- now, `elsewhere`.
local step = cjson.decode(ARGV[1])
local board, lane, now = step.board, step.lane, step.now
local key = at_lane('lane', board, lane)

local lease = redis.call('HMGET', KEYS[1], 'fence', 'owner')
if step.fence and (lease[1] ~= step.fence or lease[2] ~= step.owner) then
  return 'elsewhere'
end
-- The answer to this very step was lost, and it is sent again; on a board's own lane others may have
-- been at it since.
local steps = redis.call('HGET', key, 'step') or ''
if string.find(' ' .. steps .. ' ', ' ' .. step.step .. ' ', 1, true) then
  return 'done'
end
if step.wip then
  local count = tonumber(redis.call('HGET', P .. 'count:' .. board, step.wip.stage) or '0')
  if redis.call('HGET', key, 'standing') == step.wip.stage then
    count = count - 1
  end
  if count ~= step.wip.count then
    return 'conflict'
  end
end
if step.edition and step.edition ~= (redis.call('HGET', key, 'edition') or '0') then
  return 'conflict'
end

redis.call('SADD', P .. 'lanes:' .. board, lane)
local known = { step.step }
for earlier in string.gmatch(steps, '%S+') do
  if #known < 4 then
    known[#known + 1] = earlier
  end
end
redis.call('HSET', key, 'step', table.concat(known, ' '))

for _, judged in ipairs(step.judged) do
  is_new(board, judged.month, judged.action)
  drop_event(board, lane, judged.action)
end
if #step.judged > 0 then
  redis.call('HDEL', key, 'attempts', 'not_before')
end
if step.memory then
  remember(board, lane, step.memory, step.standing, step.loads)
end

for _, line in ipairs(step.history) do
  local n = redis.call('HLEN', P .. 'history:' .. board)
  redis.call('HSET', P .. 'history:' .. board, n, lane .. ' ' .. line.line)
  redis.call('RPUSH', at_lane('history', board, lane), n)
  if line.decision then
    redis.call('HSETNX', P .. 'decisions:' .. board, line.decision, n)
  end
end

local function bury_row(id, row, why)
  redis.call('HINCRBY', row, 'attempts', 1)
  redis.call('HSET', row, 'dead', why)
  redis.call('ZREM', at_lane('out', board, lane), id)
  redis.call('ZADD', P .. 'dead', redis.call('HGET', row, 'since'), whole(id * 2 + 1))
  tally('effects', -1)
end

local function change_row(change)
  local id, row = change.id, P .. 'row:' .. change.id
  if redis.call('ZSCORE', at_lane('out', board, lane), id) == false then
    return
  end
  if change.change == 'done' then
    drop_row(board, lane, id)
  elseif change.change == 'begun' then
    redis.call('HSET', row, 'doubt', '1')
  elseif change.change == 'dead' then
    bury_row(id, row, change.why)
  else
    redis.call('HSET', row, 'not_before', change.not_before, 'doubt', change.doubt)
    if change.change == 'again' then
      redis.call('HINCRBY', row, 'attempts', 1)
    end
  end
end
for _, change in ipairs(step.rows) do
  change_row(change)
end

-- In its slot an effect takes the place of one that has not been begun, and inherits the doubt of
-- one that has.
local function enqueue(effect)
  local doubt = '0'
  if effect.slot then
    for _, id in ipairs(redis.call('ZRANGE', at_lane('out', board, lane), 0, -1)) do
      local told = redis.call('HMGET', P .. 'row:' .. id, 'slot', 'doubt')
      if told[1] == effect.slot then
        if told[2] == '1' then
          doubt = '1'
        end
        drop_row(board, lane, id)
      end
    end
  end
  local id = whole(redis.call('INCR', P .. 'ids') * 64 + step.partition)
  redis.call('HSET', P .. 'row:' .. id, 'board', board, 'lane', lane, 'effect', effect.effect,
    'attempts', '0', 'not_before', now, 'doubt', doubt, 'since', now)
  if effect.slot then
    redis.call('HSET', P .. 'row:' .. id, 'slot', effect.slot)
  end
  line_up(board, lane, id, effect.slot)
end
for _, effect in ipairs(step.effects) do
  enqueue(effect)
end

for _, event in ipairs(step.append) do
  take_in(board, event, now)
end
for _, timer in ipairs(step.timers) do
  if timer.at then
    redis.call('HSET', at_lane('timers', board, lane), timer.name, timer.at)
  else
    redis.call('HDEL', at_lane('timers', board, lane), timer.name)
  end
end

if step.back_off then
  redis.call('HINCRBY', key, 'attempts', 1)
  redis.call('HSET', key, 'not_before', step.back_off)
end
if step.wait then
  redis.call('HSET', key, 'not_before', step.wait)
end

local function bury_events(reason)
  for _, action in ipairs(redis.call('ZRANGE', at_lane('in', board, lane), 0, -1)) do
    local n = whole((redis.call('INCR', P .. 'ids') * 64 + step.partition) * 2)
    local arrived = redis.call('ZSCORE', at_lane('got', board, lane), action)
    local body = redis.call('HGET', at_lane('event', board, lane), action)
    local at = redis.call('ZSCORE', at_lane('in', board, lane), action)
    redis.call('HSET', P .. 'letter:' .. n, 'board', board, 'lane', lane, 'action', action,
      'at', whole(tonumber(at)), 'arrived', whole(tonumber(arrived)), 'body', body, 'dead', reason)
    redis.call('ZADD', P .. 'dead', arrived, n)
    drop_event(board, lane, action)
  end
  redis.call('HDEL', key, 'attempts', 'not_before')
  local timers = redis.call('HGETALL', at_lane('timers', board, lane))
  for n = 1, #timers, 2 do
    if tonumber(timers[n + 1]) <= tonumber(now) then
      redis.call('HDEL', at_lane('timers', board, lane), timers[n])
    end
  end
end
if step.bury then
  bury_events(step.bury)
end

refresh(board, lane)
return 'done'
