# frozen_string_literal: true

# A logger that tells when a login has come to some point, so that a test need not guess.
class InFlight
  CONNECTED = "connected to"
  RESOLVED = "addresses of"

  def initialize(point = CONNECTED)
    @point = point
    @reached = Queue.new
  end

  def add(_severity, message, _program)
    @reached << true if message.start_with?(@point)
  end

  def wait
    Timeout.timeout(60) { @reached.pop }
  end
end
