# frozen_string_literal: true

require "json"
require "net/http"
require_relative "test_case"

# A real Puma in cluster mode, with logins in the parent and in the workers.
class PumaTest < TestCase
  # `run-tests --soak` says 1,000.
  REQUESTS = Integer(ENV.fetch("TESTPRESS_REQUESTS", "80"))
  CLIENTS = 4
  # What a worker may still take after its first hundred requests.
  GROWTH_KIB = 16_384
  CONFIGURATION = File.join(__dir__, "puma", "cluster.rb")

  def test_every_request_logs_in_and_fetches_the_profile
    workers = nil
    master = with_puma do |address|
      answers = fetch(address, REQUESTS)
      assert_equal ["testpress"], answers.map { |answer| answer.dig("profile", "username") }.uniq
      workers = answers.group_by { |answer| answer.dig("worker", "pid") }
      assert_equal 2, workers.size, "both workers served"
      workers.each { |pid, served| assert_flat(pid, served.map { |answer| answer.dig("worker", "kib") }) }
    end
    assert_empty [master, *workers.keys].select { |pid| alive?(pid) }, "no process is left"
  end

  private

  def with_puma
    output = Tempfile.create("puma")
    command = [*RUBY - ["-w"], "-S", "puma", "--config", CONFIGURATION]
    pid = Process.spawn(*command, in: File::NULL, out: output, err: %i[child out])
    yield listening(output, pid)
    pid
  rescue Minitest::Assertion, StandardError
    warn File.read(output.path)
    raise
  ensure
    stop(pid)
    File.unlink(output)
  end

  def listening(output, pid)
    Timeout.timeout(PATIENCE) do
      loop do
        text = File.read(output.path)
        return URI("http://#{text[/127\.0\.0\.1:\d+/]}") if text.scan(/Worker \d .*booted/).size == 2
        raise "puma has ended" if Process.wait(pid, Process::WNOHANG)

        sleep 0.05
      end
    end
  end

  def stop(pid)
    Process.kill(:TERM, pid)
    Timeout.timeout(PATIENCE) { Process.wait(pid) }
  rescue Errno::ESRCH, Errno::ECHILD
    nil
  end

  # From some clients at once, each with a connection for each request: Puma gives them to both workers.
  def fetch(address, requests)
    threads = Array.new(CLIENTS) do
      Thread.new do
        Array.new(requests / CLIENTS) do
          answer = Net::HTTP.get_response(address)
          assert_equal "200", answer.code, answer.body
          JSON.parse(answer.body)
        end
      end
    end
    threads.flat_map(&:value)
  end

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
