# frozen_string_literal: true

require_relative "puma_server"
require_relative "test_case"

# A real Puma in cluster mode, with logins in the parent and in the workers.
class PumaTest < TestCase
  include PumaServer

  # `run-tests --soak` says 1,000.
  REQUESTS = Integer(ENV.fetch("TESTPRESS_REQUESTS", "80"))
  # What a worker may still take after its first hundred requests.
  GROWTH_KIB = 16_384

  def test_every_request_logs_in_and_fetches_the_profile
    workers = nil
    master = with_puma("cluster.rb") do |address|
      answers = fetch(address, REQUESTS)
      assert_equal ["testpress"], answers.map { |answer| answer.dig("profile", "username") }.uniq
      workers = answers.group_by { |answer| answer.dig("worker", "pid") }
      assert_equal 2, workers.size, "both workers served"
      workers.each { |pid, served| assert_flat(pid, served.map { |answer| answer.dig("worker", "kib") }) }
    end
    assert_empty [master, *workers.keys].select { |pid| alive?(pid) }, "no process is left"
  end

  private

  def assert_flat(pid, sizes)
    settled = sizes.drop(100)
    puts "puma worker #{pid}: #{sizes.size} requests, #{sizes.first} to #{sizes.last} KiB"
    return if settled.empty?

    assert_operator settled.last - settled.first, :<, GROWTH_KIB
  end

  def alive?(pid)
    Process.kill(0, pid)
    true
  rescue Errno::ESRCH
    false
  end
end
