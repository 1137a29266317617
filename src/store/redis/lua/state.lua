-- ARGV: board, state. A board that is not running keeps what it hears and does nothing.
local board = ARGV[1]
if redis.call('EXISTS', P .. 'board:' .. board) == 1 then
  redis.call('HSET', P .. 'board:' .. board, 'state', ARGV[2])
  redis.call('HINCRBY', P .. 'board:' .. board, 'revision', 1)
  refresh_board(board)
end
return 1
