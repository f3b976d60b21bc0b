# frozen_string_literal: true

require_relative "log"

module Testpress
  # Makes a native call on a thread of its own, while the caller's thread waits for it.
  #
  # A thread inside native code notices no Thread#raise, Thread#kill, Timeout or Ctrl-C; one that waits for another
  # thread does. When such an interrupt comes, the native call is cancelled and waited for, and the interrupt goes on.
  # The caller's thread also hands out the log messages: a logger finds its tags, and may raise without harm.
  # @api private
  class Interruptible
    # @param call [Call] what cancels the native call
    # @param log [Log]
    # @yield makes the native call; runs on the other thread, out of reach of any interrupt
    # @return what the block returns
    def self.run(call, log, &native)
      new(call, log, native).run
    end

    def initialize(call, log, native)
      @call = call
      @log = log
      @native = native
      @messages = Queue.new
      @finished = false
      @thread = @result = @failure = nil
    end

    def run
      start
      wait
      raise @failure if @failure

      @result
    ensure
      stop unless @finished
    end

    private

    # The new thread inherits the mask: nothing interrupts it, so it always frees what it holds.
    def start
      Thread.handle_interrupt(Object => :never) do
        @thread = Thread.new { work }
      end
    rescue ThreadError => error
      raise InternalError, "no thread for the login: #{error.message}"
    end

    def work
      Log.collect_into(@messages)
      @result = @native.call
    rescue Exception => error # rubocop:disable Lint/RescueException -- it is the caller's, whatever it is
      @failure = error
    ensure
      @messages.close
    end

    # Where interrupts arrive, unless the caller has masked them.
    def wait
      while (message = @messages.pop)
        @log.deliver(*message)
      end
      @thread.join
      @finished = true
    end

    # A second Ctrl-C cuts even this short; the other thread then ends by itself. A fiber masks nothing: while it waits,
    # the mask would be that of its thread's other fibers, and of all threads that they start.
    def stop
      return give_up if Fiber.respond_to?(:current_scheduler) && Fiber.current_scheduler

      Thread.handle_interrupt(Object => :never) { give_up }
    end

    def give_up
      @call.cancel
      @thread&.join
    end
  end
end
