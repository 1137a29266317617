-- ARGV: board, now, events as JSON. Answers how many were new.
local new = 0
for _, event in ipairs(cjson.decode(ARGV[3])) do
  if take_in(ARGV[1], event, ARGV[2]) then
    new = new + 1
  end
end
return new
