# frozen_string_literal: true

require "logger"
require "stringio"
require_relative "test_case"

# What a logger hears, and where.
class LogTest < TestCase
  PASSWORD = "geheim-hunter2"

  # Keeps what it is told; the block is called for each message.
  class Kept
    attr_reader :messages

    def initialize(&block)
      @block = block
      @messages = []
    end

    def add(severity, message, program)
      @messages << [severity, message, program]
      @block&.call
    end
  end

  def login(logger, **options)
    with_institute(logger: logger, **options) { |client| client.login("testpress", "demo") }
  end

  def test_a_logger_hears_of_a_login
    output = StringIO.new
    login(Logger.new(output))
    assert_match(/INFO -- testpress: login to #{institute}/, output.string)
    assert_match(/INFO -- testpress: logged in to #{institute}/, output.string)
    assert_match(/DEBUG -- testpress: connected to/, output.string)
  end

  def test_the_loggers_level_counts
    output = StringIO.new
    login(Logger.new(output, level: Logger::INFO))
    assert_includes output.string, "INFO"
    refute_includes output.string, "DEBUG"
    login(Logger.new(quiet = StringIO.new, level: Logger::FATAL))
    assert_empty quiet.string
  end

  def test_a_level_of_its_own
    kept = Kept.new
    login(kept, log_level: :info)
    assert_equal [Logger::INFO], kept.messages.map(&:first).uniq
    kept = Kept.new
    login(kept, log_level: :warn)
    assert_empty kept.messages
  end

  def test_a_warning
    kept = Kept.new
    assert_raises(Testpress::RejectedError) do
      with_institute(logger: kept, log_level: :warn) { |client| client.login("testpress", PASSWORD) }
    end
    severity, message, program = kept.messages.last
    assert_equal [Logger::WARN, "testpress"], [severity, program]
    assert_includes message, "TP_E_REJECTED"
    assert_equal Encoding::UTF_8, message.encoding
  end

  def test_no_secret_is_logged
    kept = Kept.new
    token = login(kept)
    assert_raises(Testpress::RejectedError) do
      with_institute(logger: kept) { |client| client.login("testpress", PASSWORD) }
    end
    all = kept.messages.map { |_, message| message }.join("\n")
    refute_includes all, PASSWORD
    refute_includes all, token.jwt
  end

  def test_it_is_called_on_the_thread_that_logs_in
    thread = nil
    Thread.current[:tag] = :mine
    tag = nil
    login(Kept.new do
      thread = Thread.current
      tag = Thread.current[:tag]
    end)
    assert_equal [Thread.current, :mine], [thread, tag]
  ensure
    Thread.current[:tag] = nil
  end

  def test_a_logger_that_raises_is_forgiven
    [RuntimeError, NotImplementedError, FrozenError, Testpress::Error].each do |error|
      kept = Kept.new { raise error, "from the logger" }
      assert_equal "testpress", login(kept).username
      assert_operator kept.messages.size, :>=, 3, "the others are told nonetheless"
    end
  end

  def test_a_logger_may_log_in
    inner = nil
    kept = Kept.new { inner ||= Testpress.login(institute, "13956", "demo") }
    assert_equal "testpress", login(kept).username
    assert_equal "13956", inner.username
  end

  def test_a_logger_may_close_the_client
    client = nil
    client = Testpress::Client.new(institute, logger: Kept.new { client.close })
    assert_equal "testpress", client.login("testpress", "demo").username
    assert_predicate client, :closed?
  end

  def test_a_logger_may_leave
    kept = Kept.new { throw :away, :thrown }
    assert_equal :thrown, catch(:away) { login(kept) }
    thread = Thread.new { login(Kept.new { Thread.exit }) }
    join(thread)
    assert_nil thread.value
  end

  def test_an_interrupt_amid_the_logger_is_not_the_loggers_error
    entered = Queue.new
    left = Queue.new
    kept = Kept.new do
      entered << true
      left.pop
    end
    thread = Thread.new { login(kept) }
    thread.report_on_exception = false
    entered.pop
    thread.raise(IndexError, "from outside")
    left.close
    assert_equal "from outside", assert_raises(IndexError) { join(thread) }.message
  end

  def test_threads_hear_of_their_own_logins
    with_institute(logger: Kept.new { Thread.current[:heard] = Thread.current[:heard].to_i + 1 }) do |client|
      threads = Array.new(10) { Thread.new { client.login("testpress", "demo") && Thread.current[:heard] } }
      assert(join(*threads).all? { |thread| thread.value >= 2 })
    end
  end

  def test_what_is_no_logger
    ["x", 1, Object.new, -> {}].each do |wrong|
      error = assert_raises(Testpress::InvalidArgumentError) { Testpress::Client.new("demo", logger: wrong) }
      assert_includes error.message, "logger"
    end
    error = assert_raises(Testpress::InvalidArgumentError) do
      Testpress::Client.new("demo", logger: Kept.new, log_level: :loud)
    end
    assert_includes error.message, ":debug"
  end
end
