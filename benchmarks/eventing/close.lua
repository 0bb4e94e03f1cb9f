-- For wrk: each N-th request asks the server to close, and the summary is a line of JSON.

local every, stays, closes
local count = 0

function init(words)
  every = tonumber(words[1])
  stays = wrk.format("GET")
  closes = wrk.format("GET", nil, {["Connection"] = "close"})
end

function request()
  count = count + 1
  if count % every == 0 then return closes end
  return stays
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %f, "mean_us": %f, "p50_us": %f, "p99_us": %f, '
      .. '"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}\n',
    summary.requests, summary.duration / 1e6, latency.mean, latency:percentile(50),
    latency:percentile(99), errors.connect, errors.read, errors.write, errors.status,
    errors.timeout))
end
