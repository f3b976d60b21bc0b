# frozen_string_literal: true

require_relative "handle"
require_relative "uncopyable"

module Testpress
  # One login's deadline and cancellation, for a thread that wants to end the login of another:
  #
  #     call = Testpress::Call.new(timeout: 5)
  #     thread = Thread.new { client.login(username, password, call: call) }
  #     call.cancel   # the login raises CancelledError within 150 ms
  #
  # Thread#raise, Thread#kill, Timeout.timeout and Ctrl-C need no Call: they end a login by themselves. May be used by
  # any number of threads; it belongs to one login, or to one {Session#token}, and stays cancelled.
  class Call
    include Uncopyable

    DAY = 86_400_000
    private_constant :DAY

    # Yields the call that was given, or one of timeout that is gone after the block.
    # @api private
    def self.lend(call, timeout)
      return yield(given(call, timeout)) if call

      call = new(timeout: timeout)
      begin
        yield call
      ensure
        call.close
      end
    end

    def self.given(call, timeout)
      raise InvalidArgumentError, "call must be a Testpress::Call, not #{call.class}" unless call.is_a?(Call)
      raise InvalidArgumentError, "give the timeout to the call" if timeout

      call
    end
    private_class_method :given

    # @param timeout [Numeric, nil] seconds, counted from the start of the login; nil leaves the client's timeout_ms,
    #   zero and less is a deadline that has passed already, more than a day counts as a day
    # @raise [InvalidArgumentError] if timeout is no number
    def initialize(timeout: nil)
      milliseconds = milliseconds(timeout)
      @handle = Handle.new("call", :tp_call_free)
      @handle.slot.write_pointer(Native.tp_call_new(milliseconds))
      @cancelled = false
    end

    # Ends the login that this was given to, or the next one. Any number of times, before, during and after it.
    # @return [nil]
    def cancel
      @cancelled = true
      @handle.use { |address| Native.tp_call_cancel(address) }
      nil
    rescue ClosedError
      nil
    end

    # @return [Boolean]
    def cancelled?
      @cancelled
    end

    # @return [String]
    def inspect
      "#<#{self.class}#{' cancelled' if @cancelled}>"
    end
    alias to_s inspect

    # @api private
    def use(&block)
      @handle.use(&block)
    end

    # @api private
    def close
      @handle.close
    end

    private

    # The library's 0 means the client's timeout.
    def milliseconds(timeout)
      return 0 if timeout.nil?
      unless timeout.is_a?(Numeric) && timeout.real? && !(timeout.respond_to?(:nan?) && timeout.nan?)
        raise InvalidArgumentError, "timeout must be a number of seconds, not #{timeout.class}"
      end
      return -1 unless timeout.positive?

      (timeout * 1000).clamp(1, DAY).ceil
    end
  end
end
