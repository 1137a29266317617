-- ARGV: what a delivery set aside was, and what it shall be.
local at = redis.call('LPOS', P .. 'aside', ARGV[1])
if at then
  redis.call('LSET', P .. 'aside', at, ARGV[2])
end
return 1
