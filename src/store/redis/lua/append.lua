-- ARGV: board, now, events as JSON. Answers how many were new.
local board, now = ARGV[1], ARGV[2]
local new, touched = 0, {}
for _, event in ipairs(cjson.decode(ARGV[3])) do
  if take_in(board, event, now) then
    new = new + 1
    touched[event.lane] = true
  end
end
for lane in pairs(touched) do
  refresh(board, lane)
end
return new
