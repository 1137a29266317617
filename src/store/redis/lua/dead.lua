-- Answers what was given up as [number, kind, board, lane, body, reason, instant].
local letters = {}
for _, id in ipairs(redis.call('ZRANGE', P .. 'dead', 0, -1)) do
  local number, told = tonumber(id), nil
  if number % 2 == 1 then
    told = redis.call('HMGET', P .. 'row:' .. whole((number - 1) / 2), 'board', 'lane', 'effect', 'dead', 'since')
    table.insert(told, 1, 'effect')
  else
    told = redis.call('HMGET', P .. 'letter:' .. id, 'board', 'lane', 'body', 'dead', 'arrived')
    table.insert(told, 1, 'event')
  end
  table.insert(told, 1, id)
  letters[#letters + 1] = told
end
return letters
