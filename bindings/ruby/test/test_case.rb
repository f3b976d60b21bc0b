# frozen_string_literal: true

require "minitest/autorun"
require "open3"
require "rbconfig"
require "tempfile"
require "timeout"
require "testpress"
require_relative "totals"

# What every test has: the real institute and the bad server, as tests/institute/run and `faults run` give them.
class TestCase < Minitest::Test
  BINDING = File.expand_path("..", __dir__)
  ROOT = File.expand_path("../..", BINDING)
  SURROUNDINGS = %w[TESTPRESS_LIBRARY TESTPRESS_INSTITUTE SSL_CERT_FILE TESTPRESS_FAULTS TESTPRESS_FAULTS_CA].freeze
  # Nothing here takes long: what does is stuck. Two cores, perhaps busy with another suite.
  PATIENCE = Integer(ENV.fetch("TESTPRESS_PATIENCE", "60"))
  RUBY = [RbConfig.ruby, "-w", "-I", File.join(BINDING, "lib")].freeze

  def setup
    missing = SURROUNDINGS.reject { |name| ENV.key?(name) }
    return if missing.empty?

    abort "#{missing.join(', ')} not set; run: tests/institute/run target/debug/faults run bindings/ruby/run-tests"
  end

  def institute
    ENV.fetch("TESTPRESS_INSTITUTE")
  end

  def fault(name)
    lines = File.foreach(ENV.fetch("TESTPRESS_FAULTS"), chomp: true)
    lines.to_h { |line| line.split("\t") }.fetch(name)
  end

  def faults_ca
    ENV.fetch("TESTPRESS_FAULTS_CA")
  end

  # A client of one of the bad server's faults, closed after the block.
  def with_fault(name, **options, &block)
    Testpress::Client.open(fault(name), ca_file: faults_ca, **options, &block)
  end

  def with_institute(**options, &block)
    Testpress::Client.open(institute, **options, &block)
  end

  # Runs a script in a Ruby of its own, which must end well and print nothing to stderr; returns what it printed.
  def ruby(script, *arguments, **how)
    output, errors, status = run_ruby(script, *arguments, **how)
    assert_empty errors
    assert_predicate status, :success?, "#{status}: #{output}"
    output
  end

  # A script in a file is UTF-8 in every locale.
  def run_ruby(script, *arguments, env: {}, stdin: "", pass: nil)
    Tempfile.create("script") do |file|
      file.write(script)
      file.close
      command = [env, *RUBY, "-r", "testpress", file.path, *arguments]
      passed = pass ? { pass => pass } : {}
      Timeout.timeout(PATIENCE) { Open3.capture3(*command, stdin_data: stdin, **passed) }
    end
  end

  def join(*threads)
    threads.map { |thread| thread.join(PATIENCE) || flunk("a thread is stuck: #{thread.backtrace&.first(10)}") }
  end

  # Without the one that newer versions of Timeout keep.
  def threads
    Thread.list.reject { |thread| thread.name.to_s.start_with?("Timeout") }
  end

  def now
    Process.clock_gettime(Process::CLOCK_MONOTONIC)
  end

  def seconds
    start = now
    yield
    now - start
  end
end
