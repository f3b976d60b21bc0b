# frozen_string_literal: true

require "tmpdir"
require_relative "counting_institute"
require_relative "puma_server"
require_relative "test_case"

# A session that is made before Puma forks its workers: one login for all of them, and for those that come later.
class PumaSessionTest < TestCase
  include PumaServer

  REQUESTS = 80

  def with_puma_at(institute)
    Dir.mktmpdir do |folder|
      environment = { "ORIGIN" => institute.origin, "CA_FILE" => institute.ca_file, "STORE" => "file:#{folder}" }
      with_puma("session.rb", environment) { |*server| yield(*server) }
    end
  end

  # The workers that answered, each with the institute's 200.
  def fetch_in_session(address)
    answers = fetch(address, REQUESTS)
    assert_equal ["200"], answers.map { |answer| answer["status"] }.uniq
    answers.map { |answer| answer["pid"] }.uniq
  end

  def test_one_login_serves_all_workers
    CountingInstitute.open do |institute|
      with_puma_at(institute) do |address|
        assert_equal 2, fetch_in_session(address).size, "both workers served"
        assert_equal 1, institute.logins
        institute.withdraw
        fetch_in_session(address)
        assert_equal 2, institute.logins, "one worker has replaced the token for both"
      end
    end
  end

  def test_a_worker_that_comes_later_has_the_others_token
    CountingInstitute.open do |institute|
      with_puma_at(institute) do |address, output, pid|
        workers = fetch_in_session(address)
        Process.kill(:KILL, workers.first)
        wait_for_boots(3, output, pid)
        refute_includes fetch_in_session(address), workers.first
        assert_equal 1, institute.logins
      end
    end
  end
end
