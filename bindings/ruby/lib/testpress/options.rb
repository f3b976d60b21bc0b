# frozen_string_literal: true

require_relative "failure"
require_relative "text"

module Testpress
  # A client's options, passed to the library as they are: it knows them, and says what is wrong with one.
  # @api private
  module Options
    # Yields the address of a native configuration, which is gone after the block.
    def self.lend(options, log)
      config = Handle.new("configuration", :tp_config_free)
      config.slot.write_pointer(Native.tp_config_new)
      config.use do |address|
        options.each { |name, value| set(address, name.to_s, value) unless value.nil? }
        Native.tp_config_set_log(address, log.level, Native.log_callback, nil) if log.level.positive?
        yield address
      end
    ensure
      config&.close
    end

    def self.set(config, name, value)
      Text.lend("an option's name", name) do |native_name|
        Text.lend("option #{name}", value.to_s) do |native_value|
          Failure.check { |error| Native.tp_config_set(config, native_name, native_value, error) }
        end
      end
    end
    private_class_method :set
  end
end
