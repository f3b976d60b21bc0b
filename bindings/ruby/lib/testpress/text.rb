# frozen_string_literal: true

require "ffi"
require_relative "errors"

module Testpress
  # Ruby's strings as the library takes them: a copy in native memory, in UTF-8, ended by a NUL. A copy, as another
  # thread may change the string while the library reads it. Messages name the argument and never show it.
  # @api private
  module Text
    # With these, Ruby often just does not know better: the bytes are UTF-8, or the library refuses them.
    UNTOLD = [Encoding::UTF_8, Encoding::US_ASCII, Encoding::BINARY].freeze

    class << self
      # @return [FFI::MemoryPointer] call clear on it when it is a secret
      def native(name, value)
        string = String.try_convert(value)
        raise InvalidArgumentError, "#{name} must be a String, not #{value.class}" if string.nil?
        return copy(name, string) if UNTOLD.include?(string.encoding)

        transcoded = transcode(name, string)
        begin
          copy(name, transcoded)
        ensure
          wipe(transcoded)
        end
      end

      # As native, for a block, and wiped after it.
      def lend(name, value)
        memory = native(name, value)
        yield memory
      ensure
        memory&.clear
      end

      private

      def copy(name, string)
        raise InvalidArgumentError, "#{name} must not hold a NUL" if string.include?("\0")

        memory = FFI::MemoryPointer.new(:char, string.bytesize + 1)
        memory.put_bytes(0, string)
      end

      def transcode(name, string)
        string.encode(Encoding::UTF_8)
      rescue EncodingError
        # Without a cause: that one's message repeats bytes of the string.
        raise InvalidArgumentError, "#{name} can't be turned into UTF-8 from #{string.encoding}", cause: nil
      end

      def wipe(string)
        string.bytesize.times { |index| string.setbyte(index, 0) }
      end
    end
  end
end
