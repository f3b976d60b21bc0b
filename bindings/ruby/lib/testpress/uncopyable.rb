# frozen_string_literal: true

module Testpress
  # For what owns something native: a copy would free it a second time, and its bytes mean nothing elsewhere.
  # @api private
  module Uncopyable
    # Before the copy is made, not in initialize_copy: by then Ruby has copied the finalizer, too.
    def dup
      raise TypeError, "can't copy #{self.class}"
    end

    def clone(freeze: nil) # rubocop:disable Lint/UnusedMethodArgument
      raise TypeError, "can't copy #{self.class}"
    end

    def initialize_copy(_original)
      raise TypeError, "can't copy #{self.class}"
    end

    def marshal_dump
      raise TypeError, "can't dump #{self.class}"
    end

    # For YAML.
    def encode_with(_coder)
      raise TypeError, "can't dump #{self.class}"
    end
  end
end
