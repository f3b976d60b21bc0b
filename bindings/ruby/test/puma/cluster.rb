# frozen_string_literal: true

require "json"
require "net/http"
require "testpress"

# A Puma in cluster mode whose client is made, and used, before the workers are forked. Each request logs in and answers
# with the user's profile, and with the memory of the worker.

workers Integer(ENV.fetch("PUMA_WORKERS", "2"))
threads 1, 4
preload_app!
bind "tcp://127.0.0.1:0"

client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"))
client.login("testpress", "demo").close

profile = lambda do |token|
  uri = URI("#{token.origin}/api/v2.2/me/")
  Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| http.request(token.apply(Net::HTTP::Get.new(uri))) }
end

before_fork { client.login("testpress", "demo") }

app do |_env|
  answer = profile.call(client.login("testpress", "demo"))
  worker = { pid: Process.pid, kib: File.read("/proc/self/status")[/VmRSS:\s+(\d+)/, 1].to_i }
  body = { profile: JSON.parse(answer.body), worker: worker, parent: Process.ppid }
  [answer.code.to_i, { "Content-Type" => "application/json" }, [body.to_json]]
end
