# frozen_string_literal: true

require_relative "test_case"

# Ctrl-C and the end of the process, during a login of the main thread.
class SignalsTest < TestCase
  LIMIT = 0.3
  TRIES = 8

  PRELUDE = <<~RUBY
    $stdout.sync = true
    logger = Object.new
    def logger.add(_severity, message, _program)
      puts "waiting" if message.start_with?("connected to")
    end
    client = Testpress::Client.new(ARGV.first, ca_file: ENV.fetch("TESTPRESS_FAULTS_CA"), timeout_ms: 60_000, logger: logger)
  RUBY

  # Starts a script, and yields its output and its process id when its login waits for the server.
  def waiting_script(script)
    Tempfile.create("script") do |file|
      file.write(PRELUDE + script)
      file.close
      command = [*RUBY, "-r", "testpress", file.path, fault("silent-after-request")]
      Open3.popen2(*command) do |stdin, stdout, waiter|
        stdin.close
        Timeout.timeout(PATIENCE) do
          assert_equal "waiting\n", stdout.gets
          yield stdout, waiter
        end
      ensure
        end_process(waiter.pid) if waiter.alive?
      end
    end
  end

  def end_process(pid)
    Process.kill(:KILL, pid)
  rescue Errno::ESRCH
    pid # It has ended by itself since.
  end

  def within_limit
    took = Array.new(TRIES) do
      elapsed = yield
      return if elapsed <= LIMIT

      elapsed
    end
    flunk "no try took less than #{LIMIT} s: #{took.map { |elapsed| elapsed.round(3) }}"
  end

  def test_ctrl_c_raises_interrupt
    within_limit do
      waiting_script(<<~RUBY) do |stdout, waiter|
        begin
          client.login("testpress", "demo")
        rescue Interrupt
          puts "interrupted"
        end
        client.close
        puts "closed"
      RUBY
        elapsed = seconds { Process.kill(:INT, waiter.pid) && assert_equal("interrupted\n", stdout.gets) }
        assert_equal "closed\n", stdout.gets
        assert_predicate waiter.value, :success?
        elapsed
      end
    end
  end

  def test_two_ctrl_cs
    waiting_script(<<~RUBY) do |stdout, waiter|
      begin
        begin
          client.login("testpress", "demo")
        rescue Interrupt
          sleep
        end
      rescue Interrupt
        puts "interrupted"
      end
    RUBY
      # The process may take two that come at once for one.
      sender = Thread.new { loop { Process.kill(:INT, waiter.pid) && sleep(0.01) } }
      assert_equal "interrupted\n", stdout.gets
    ensure
      sender.kill
    end
  end

  def test_a_signal_handler_runs_and_the_login_goes_on
    waiting_script(<<~RUBY) do |stdout, waiter|
      # Not puts: its lock may be held by what the signal interrupts.
      trap(:USR1) { $stdout.syswrite("signal\\n") }
      begin
        client.login("testpress", "demo")
      rescue Interrupt
        puts "interrupted"
      end
    RUBY
      20.times { Process.kill(:USR1, waiter.pid) && assert_equal("signal\n", stdout.gets) }
      Process.kill(:INT, waiter.pid)
      assert_equal "interrupted\n", stdout.gets
    end
  end

  def test_a_process_that_ends_waits_for_no_login
    within_limit do
      waiting_script(<<~RUBY) do |stdout, waiter|
        Thread.new { client.login("testpress", "demo") }
        sleep
      RUBY
        seconds { Process.kill(:TERM, waiter.pid) && stdout.read && waiter.value }
      end
    end
  end
end
