# frozen_string_literal: true

require "minitest"

# Ends a run with the line "N passed, M failed".
class Totals < Minitest::StatisticsReporter
  def report
    super
    bad = failures + errors
    io.puts "", "#{count - bad - skips} passed, #{bad} failed"
  end
end

module Minitest
  # Minitest looks for it by this name.
  def self.plugin_totals_init(options)
    reporter << Totals.new(options[:io], options)
  end
  extensions << "totals"
end
