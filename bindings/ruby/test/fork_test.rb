# frozen_string_literal: true

require_relative "test_case"

# A forked child uses what it inherited, and its parent notices nothing of it.
class ForkTest < TestCase
  PRELUDE = <<~RUBY
    $stdout.sync = true
    client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"))
    def child
      pid = fork { yield }
      _, status = Process.wait2(pid)
      abort "the child ended with \#{status}" unless status.success?
    end
  RUBY

  def forking(script, *arguments)
    ruby(PRELUDE + script, *arguments)
  end

  def test_a_child_logs_in_with_its_parents_client
    output = forking(<<~RUBY)
      puts client.login("testpress", "demo").username
      3.times { child { puts client.login("13956", "demo").username } }
      puts client.login("testpress", "demo").username
    RUBY
    assert_equal "testpress\n13956\n13956\n13956\ntestpress\n", output
  end

  def test_a_child_has_its_parents_token
    output = forking(<<~RUBY)
      token = client.login("testpress", "demo")
      child { puts token.username, token.authorization[0, 7] }
      child { token.close }
      puts token.username
    RUBY
    assert_equal "testpress\nJWT eyJ\ntestpress\n", output
  end

  def test_children_and_grandchildren_close_and_collect
    output = forking(<<~RUBY)
      client.login("testpress", "demo")
      child do
        child { client.login("testpress", "demo"); client.close }
        client.login("testpress", "demo")
        client = nil
        GC.start
      end
      puts client.login("testpress", "demo").username
    RUBY
    assert_equal "testpress\n", output
  end

  def test_a_fork_amid_other_threads_logins
    output = forking(<<~RUBY)
      stop = false
      threads = Array.new(4) { Thread.new { client.login("testpress", "demo") until stop } }
      20.times { child { 3.times { client.login("testpress", "demo") } } }
      stop = true
      threads.each(&:join)
      puts "done"
    RUBY
    assert_equal "done\n", output
  end

  def test_a_child_closes_a_client_that_was_busy_in_the_parent
    output = forking(<<~RUBY, fault("silent-after-request"))
      client.close
      stalled = Testpress::Client.new(ARGV.first, ca_file: ENV.fetch("TESTPRESS_FAULTS_CA"), timeout_ms: 60_000)
      thread = Thread.new { stalled.login("testpress", "demo") }
      Thread.pass until thread.status == "sleep"
      child do
        stalled.close
        begin
          stalled.login("testpress", "demo")
        rescue Testpress::ClosedError
          puts "closed"
        end
      end
      puts thread.status
      thread.kill.join
    RUBY
    assert_equal "closed\nsleep\n", output
  end

  def test_a_child_logs_to_its_parents_logger
    output = ruby(<<~RUBY)
      $stdout.sync = true
      logger = Logger.new($stdout, formatter: ->(_, _, _, message) { "\#{message[/\\Alog[a-z ]+to/]}\\n" })
      logger.level = Logger::INFO
      client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"), logger: logger)
      client.login("testpress", "demo")
      Process.wait(fork { client.login("testpress", "demo") })
    RUBY
    assert_equal "login to\nlogged in to\n" * 2, output
  end

  def test_the_library_is_loaded_in_the_child
    output = ruby(<<~RUBY)
      2.times do
        pid = fork { puts Testpress.login(ENV.fetch("TESTPRESS_INSTITUTE"), "testpress", "demo").username }
        Process.wait(pid)
      end
    RUBY
    assert_equal "testpress\ntestpress\n", output
  end

  def test_a_daemon
    reader, writer = IO.pipe
    output = ruby(<<~RUBY, writer.fileno.to_s, pass: writer)
      client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"))
      client.login("testpress", "demo")
      Process.daemon(true, false)
      IO.for_fd(ARGV.first.to_i).puts client.login("testpress", "demo").username
    RUBY
    writer.close
    assert_empty output
    assert_equal "testpress\n", Timeout.timeout(PATIENCE) { reader.read }
  end
end
