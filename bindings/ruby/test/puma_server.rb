# frozen_string_literal: true

require "json"
require "net/http"

# A real Puma in cluster mode, for a test case.
module PumaServer
  CLIENTS = 4

  # Yields its address and its log, once both workers are there. Returns the process id that it had.
  def with_puma(configuration, environment = {})
    output = Tempfile.create("puma")
    command = [*TestCase::RUBY - ["-w"], "-S", "puma", "--config", File.join(__dir__, "puma", configuration)]
    pid = Process.spawn(environment, *command, in: File::NULL, out: output, err: %i[child out])
    wait_for_boots(2, output, pid)
    yield URI("http://#{File.read(output.path)[/127\.0\.0\.1:\d+/]}"), output, pid
    pid
  rescue Minitest::Assertion, StandardError
    warn File.read(output.path)
    raise
  ensure
    stop(pid)
    File.unlink(output)
  end

  # Until so many workers have ever started.
  def wait_for_boots(count, output, pid)
    Timeout.timeout(TestCase::PATIENCE) do
      until File.read(output.path).scan(/Worker \d .*booted/).size == count
        raise "puma has ended" if Process.wait(pid, Process::WNOHANG)

        sleep 0.05
      end
    end
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

  private

  def stop(pid)
    Process.kill(:TERM, pid)
    Timeout.timeout(TestCase::PATIENCE) { Process.wait(pid) }
  rescue Errno::ESRCH, Errno::ECHILD
    nil
  end
end
