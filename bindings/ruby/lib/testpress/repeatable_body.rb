# frozen_string_literal: true

module Testpress
  # Whether the body of a request can be sent a second time, and what must be done for that.
  # @api private
  class RepeatableBody
    # Remembers where the streams in it stand.
    # @param body [Object] nil, a String, a stream, or a form: a Hash or Array of values and streams
    def initialize(body)
      @streams = {}.compare_by_identity
      @repeatable = true
      case body
      when nil, String then nil
      when Hash, Array then look_for_streams(body)
      else remember(body)
      end
    end

    # Puts every stream back to where it stood.
    # @return [Boolean] whether the body is as it was
    def rewind
      return false unless @repeatable

      @streams.each { |stream, position| position ? stream.seek(position) : stream.rewind }
      true
    rescue SystemCallError, IOError
      false
    end

    private

    def look_for_streams(part)
      case part
      when Hash then part.each_value { |value| look_for_streams(value) }
      when Array then part.each { |value| look_for_streams(value) }
      else remember(part) if part.respond_to?(:read)
      end
    end

    # A pipe has a method pos, and no position.
    def remember(stream)
      if stream.respond_to?(:pos) && stream.respond_to?(:seek)
        @streams[stream] = stream.pos
      elsif stream.respond_to?(:read) && stream.respond_to?(:rewind)
        @streams[stream] = nil
      else
        @repeatable = false
      end
    rescue SystemCallError, IOError
      @repeatable = false
    end
  end
end
