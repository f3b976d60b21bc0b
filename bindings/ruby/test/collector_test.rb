# frozen_string_literal: true

require_relative "test_case"

# Memory: what is closed or forgotten is freed, once, whenever the collector comes.
class CollectorTest < TestCase
  # How often a client is made, used and closed; `run-tests --soak` says 10,000.
  CYCLES = Integer(ENV.fetch("TESTPRESS_CYCLES", "400"))
  # What the allocator and the collector may still take after the first quarter.
  GROWTH_KIB = 4096

  MEMORY = <<~RUBY
    # Counted after a collection, by page in use.
    def resident_kib
      GC.start
      File.read("/proc/self/status")[/VmRSS:\\s+(\\d+)/, 1].to_i
    end
  RUBY

  # A quarter of the cycles warms up; after that memory must not grow. `forgets`: what is not closed waits for the
  # collector, which knows nothing of the library's memory, so that it has to be called.
  def assert_flat(name, body, cycles: CYCLES, forgets: false)
    output = ruby(<<~RUBY, cycles.to_s, fault("ok"))
      #{MEMORY}
      cycles = ARGV.first.to_i
      ca_file = ENV.fetch("TESTPRESS_FAULTS_CA")
      institute = ARGV.last
      cycle = -> { #{body} }
      again = lambda do |times|
        times.times do |number|
          cycle.call
          GC.start if #{forgets} && (number % 20).zero?
        end
      end
      again.call(cycles / 4)
      before = resident_kib
      again.call(cycles)
      puts before, resident_kib
    RUBY
    before, after = output.lines.map(&:to_i)
    puts "#{name}: #{cycles} cycles, #{before} KiB before, #{after} KiB after"
    assert_operator after - before, :<, GROWTH_KIB
  end

  def test_create_login_close_leaves_memory_flat
    assert_flat("create, login, close", <<~RUBY)
      Testpress::Client.open(institute, ca_file: ca_file) { |client| client.login("testpress", "demo").close }
    RUBY
  end

  def test_forgotten_clients_and_tokens_leave_memory_flat
    assert_flat("create, login, forget", <<~RUBY, forgets: true)
      Testpress::Client.new(institute, ca_file: ca_file).login("testpress", "demo").claims
    RUBY
  end

  def test_sessions_leave_memory_flat
    assert_flat("session: create, token, close", <<~RUBY, cycles: [CYCLES, 1000].max)
      Testpress::Client.open(institute, ca_file: ca_file) do |client|
        Testpress::Session.open(client, "testpress", "demo") do |session|
          session.reject(session.token)
          session.token.close
        end
      end
    RUBY
  end

  def test_forgotten_sessions_leave_memory_flat
    assert_flat("session: create, token, forget", <<~RUBY, forgets: true)
      Testpress::Session.new(Testpress::Client.new(institute, ca_file: ca_file), "testpress", "demo").authorization
    RUBY
  end

  def test_a_session_that_is_asked_again_and_again_leaves_memory_flat
    assert_flat("session: tokens", <<~RUBY, cycles: CYCLES * 10)
      $session ||= Testpress::Session.new(Testpress::Client.new(institute, ca_file: ca_file), "testpress", "demo")
      $session.authorization
    RUBY
  end

  def test_failures_leave_memory_flat
    assert_flat("failures", <<~RUBY, cycles: CYCLES * 4)
      begin
        Testpress::Client.new(institute, ca_file: ca_file, timeout_ms: 0)
      rescue Testpress::Error
        begin
          Testpress::Token.from_jwt("demo", "a b")
        rescue Testpress::Error
          nil
        end
      end
    RUBY
  end

  def test_interrupted_logins_leave_memory_flat
    assert_flat("interrupted logins", <<~RUBY)
      client = Testpress::Client.new(institute, ca_file: ca_file)
      thread = Thread.new { client.login("testpress", "demo") }
      rand(50).times { Thread.pass }
      thread.kill.join
      client.close
    RUBY
  end

  def test_descriptors_and_threads_are_given_back
    output = ruby(<<~RUBY, fault("ok"))
      def counts
        GC.start
        [Dir.children("/proc/self/fd").size, Dir.children("/proc/self/task").size]
      end
      cycle = lambda do
        client = Testpress::Client.new(ARGV.first, ca_file: ENV.fetch("TESTPRESS_FAULTS_CA"))
        client.login("testpress", "demo", call: Testpress::Call.new)
        Testpress::Session.open(client, "testpress", "demo") { |session| session.token.close }
        client.close
      end
      10.times { cycle.call }
      before = counts
      100.times { cycle.call }
      puts counts.zip(before).map { |after, first| after - first }
    RUBY
    # A collector that looks for addresses on the stack may keep a few for longer.
    assert(output.lines.map(&:to_i).all? { |more| more <= 10 }, output)
  end

  def test_under_gc_stress
    output = ruby(<<~RUBY, fault("rejected"))
      client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"), logger: Logger.new(IO::NULL))
      other = Testpress::Client.new(ARGV.first, ca_file: ENV.fetch("TESTPRESS_FAULTS_CA"))
      GC.stress = true
      token = client.login("testpress", "demo", call: Testpress::Call.new(timeout: 60))
      texts = [token.username, token.jwt.length > 100, token.claims.key?("exp"), token.inspect.length]
      begin
        other.login("testpress", "demo")
      rescue Testpress::RejectedError => error
        texts << error.field_errors.size
      end
      session = Testpress::Session.new(client, "testpress", "demo")
      session.reject(session.token)
      texts << session.authorization.length
      session.close
      client.close
      other.close
      GC.stress = false
      puts texts
    RUBY
    assert_equal %w[testpress true true], output.lines(chomp: true).first(3)
    assert_equal "1", output.lines(chomp: true)[4]
  end

  def test_a_login_at_the_end_of_a_process
    assert_equal "testpress\n", ruby(<<~RUBY)
      client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"))
      at_exit { puts client.login("testpress", "demo").username }
    RUBY
  end

  def test_the_end_of_a_process_frees_what_is_left
    script = <<~RUBY
      client = Testpress::Client.new(ENV.fetch("TESTPRESS_INSTITUTE"))
      session = Testpress::Session.new(client, "testpress", "demo")
      $kept = [client, session, Array.new(5) { session.token }, Testpress::Call.new]
      puts $kept.flatten.size
    RUBY
    5.times { assert_equal "8\n", ruby(script) }
  end
end
