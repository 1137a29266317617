-- ARGV: a hash, its field, what stood there, what shall stand there; of a memory
-- also the board and what the card adds to what each person has. Answers 0 where something else
-- stands there by now.
if redis.call('HGET', ARGV[1], ARGV[2]) ~= ARGV[3] then
  return 0
end
redis.call('HSET', ARGV[1], ARGV[2], ARGV[4])
-- A step that rests on the memory as it was is judged again.
if ARGV[2] == 'memory' then
  redis.call('HINCRBY', ARGV[1], 'edition', 1)
  count_loads(ARGV[5], ARGV[1], ARGV[6])
end
return 1
