# frozen_string_literal: true

require "logger"
require_relative "errors"

module Testpress
  # A client's logger, which hears what the library does on the thread that called it: a tagged logger keeps its tags.
  # @api private
  class Log
    # The library's numbers; a Logger's severities are these counted from the other end.
    LEVELS = { error: 1, warn: 2, info: 3, debug: 4 }.freeze
    DEBUG = LEVELS[:debug]
    PROGRAM = "testpress"
    QUEUE = :testpress_log_queue
    private_constant :QUEUE

    class << self
      # Called by the library, on a thread that is inside one of its calls. What is raised here would unwind native
      # code.
      def receive(_context, level, message)
        Thread.current[QUEUE]&.push([level, message.force_encoding(Encoding::UTF_8)])
      rescue Exception # rubocop:disable Lint/RescueException
        nil
      end

      # Puts the messages of this thread's calls into queue.
      def collect_into(queue)
        Thread.current[QUEUE] = queue
      end
    end

    # @return [Integer] the most that the library is to tell; 0 for nothing
    attr_reader :level

    def initialize(logger, level)
      unless logger.nil? || logger.respond_to?(:add)
        raise InvalidArgumentError, "logger must be like a Logger, with the method add, not #{logger.class}"
      end

      @logger = logger
      @level = logger ? number(level || severity) : 0
    end

    # A logger that raises must not end a login. What others raise into this thread meanwhile is not the logger's, and
    # waits until it is done.
    def deliver(level, message)
      Thread.handle_interrupt(StandardError => :never) do
        @logger.add(DEBUG - level, message, PROGRAM)
      rescue StandardError, ScriptError
        nil
      end
    end

    private

    # Messages that nobody wants are not made: each would take Ruby's lock for a moment.
    def severity
      @logger.respond_to?(:level) ? @logger.level : Logger::DEBUG
    end

    def number(level)
      return (DEBUG - level).clamp(0, DEBUG) if level.is_a?(Integer)

      LEVELS.fetch(level) do
        raise InvalidArgumentError, "log_level must be one of #{LEVELS.keys.map(&:inspect).join(', ')}"
      end
    end
  end
end
