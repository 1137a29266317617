-- Answers how many events and effects wait, how many were given up and set aside, and since when the
-- oldest event and effect wait.
local waiting = redis.call('HMGET', P .. 'tally', 'events', 'effects')
local _, event = first_of(P .. 'oldest:event')
local _, effect = first_of(P .. 'oldest:effect')
return {
  tonumber(waiting[1] or '0'), tonumber(waiting[2] or '0'),
  redis.call('ZCARD', P .. 'dead'), redis.call('LLEN', P .. 'aside'),
  event and whole(event) or false, effect and whole(effect) or false,
}
