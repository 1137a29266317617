-- ARGV: a delivery as JSON, how many are kept.
redis.call('LPUSH', P .. 'aside', ARGV[1])
redis.call('LTRIM', P .. 'aside', 0, tonumber(ARGV[2]) - 1)
return 1
