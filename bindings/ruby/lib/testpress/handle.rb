# frozen_string_literal: true

require "ffi"
require_relative "errors"
require_relative "native"
require_relative "uncopyable"

module Testpress
  # Owns one native object, from before it exists until it is freed: by {close}, or with the collector as a net.
  #
  # The library writes the object's address into {slot}, which is owned already. So nothing is lost when a thread is
  # killed just after a native call returned. {close} may come at any time, from any thread: who is using the object
  # then keeps it until done.
  # @api private
  class Handle
    include Uncopyable

    # @return [FFI::MemoryPointer] where the address goes
    attr_reader :slot

    # @param noun [String] what it is called in errors
    # @param free [Symbol] the function that frees it
    def initialize(noun, free)
      Native.load
      @noun = noun
      @slot = FFI::MemoryPointer.new(:pointer)
      @release = self.class.releaser(@slot, free)
      @lock = Mutex.new
      @users = 0
      @closed = false
      ObjectSpace.define_finalizer(self, @release)
    end

    # Apart from the instance: a finalizer that knew it would keep it for ever. It takes no lock, as it runs amid
    # whatever a thread is doing; nobody else is left by then.
    def self.releaser(slot, free)
      lambda do |_id = nil|
        address = slot.read_pointer
        slot.write_pointer(nil)
        Native.public_send(free, address) unless address.null?
      end
    end

    # Yields the address, which stays valid until the block ends.
    def use
      @lock.synchronize do
        raise ClosedError, "the #{@noun} is closed" if @closed

        @users += 1
      end
      begin
        yield @slot.read_pointer
      ensure
        @lock.synchronize do
          @users -= 1
          free_if_unused
        end
      end
    end

    # Once is enough; more do nothing.
    def close
      @lock.synchronize do
        @closed = true
        free_if_unused
      end
      nil
    end

    def closed?
      @closed
    end

    # Addresses tell nothing.
    def inspect
      "#<#{self.class} #{@noun}#{' closed' if @closed}>"
    end

    private

    def free_if_unused
      return unless @closed && @users.zero?

      @release.call
      # Keeps the number of finalizers flat in a process that closes what it opens.
      ObjectSpace.undefine_finalizer(self)
    end
  end
end
