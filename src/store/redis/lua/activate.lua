-- ARGV: a process put in force on a board, as JSON: with its cards, and whether it is taken afresh.
local new = cjson.decode(ARGV[1])
local board = new.board
local key = P .. 'board:' .. board
-- The answer was lost, and it is sent again: what came since is not dropped, and no card set back.
if redis.call('HGET', key, 'activation') == new.id then
  return 1
end
-- What somebody has seen in force, or nothing; this very version may be in force already.
if new.over then
  local in_force = redis.call('HGET', key, 'version') or ''
  if in_force ~= new.over and in_force ~= new.version then
    return 0
  end
end
redis.call('SADD', P .. 'boards', board)
redis.call('HSETNX', key, 'state', 'running')
redis.call('HSET', key, 'version', new.version, 'process', new.text, 'bindings', new.bindings,
  'activation', new.id)
redis.call('HINCRBY', key, 'revision', 1)
redis.call('HSET', P .. 'versions:' .. board, new.version, new.text, 'bindings ' .. new.version, new.bindings)
redis.call('HSET', P .. 'dates:' .. board, new.version, new.at)

-- What waited is older than the board as it is taken now. Events stay known by their ids. A message to
-- a person is not: it was said already, and only its way was not open yet.
local function forget_waiting(lane)
  if string.sub(lane, 1, 1) == '@' then
    return
  end
  for _, action in ipairs(redis.call('ZRANGE', at_lane('in', board, lane), 0, -1)) do
    drop_event(board, lane, action)
  end
  for _, id in ipairs(redis.call('ZRANGE', at_lane('out', board, lane), 0, -1)) do
    drop_row(board, lane, id)
  end
  redis.call('DEL', at_lane('timers', board, lane))
end
if new.afresh then
  for _, lane in ipairs(redis.call('SMEMBERS', P .. 'lanes:' .. board)) do
    forget_waiting(lane)
  end
  if new.after then
    see(board, new.after.action, new.after.at)
  end
end
for _, card in ipairs(new.cards) do
  remember(board, card.lane, card.memory, card.standing, card.loads)
end
refresh_board(board)
return 1
