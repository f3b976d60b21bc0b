# frozen_string_literal: true

require "digest"
require "net/http"
require_relative "counting_institute"
require_relative "own_folder"
require_relative "test_case"

# With the option store: "file", one login serves all of a user's processes; and what a process forks has its session.
class SessionStoreTest < TestCase
  include OwnFolder

  SCRIPT = <<~RUBY
    origin, ca_file, store, count = ARGV
    client = Testpress::Client.new(origin, ca_file: ca_file, store: store)
    session = Testpress::Session.new(client, "ada", "right")
    jwts = Array.new(count.to_i) { session.token.jwt }
    puts jwts.uniq
  RUBY

  def store
    "file:#{@folder}"
  end

  def process(institute, count: 3, store: self.store, ca_file: institute.ca_file)
    ruby(SCRIPT, institute.origin, ca_file, store, count.to_s)
  end

  def test_a_second_process_needs_no_login
    CountingInstitute.open do |institute|
      assert_equal process(institute), process(institute)
      assert_equal 1, institute.logins
    end
  end

  def test_a_second_process_needs_no_connection
    first = CountingInstitute.new
    jwt = process(first)
    first.stop
    assert_equal jwt, process(first, ca_file: faults_ca), "nobody is there to be asked"
  end

  def test_processes_that_begin_together_make_one_login
    CountingInstitute.open do |institute|
      institute.hold
      processes = Array.new(5) { Thread.new { process(institute, count: 1) } }
      institute.wait_for_login
      # The others find the lock taken, or the token: whenever they come.
      institute.release
      assert_equal 1, join(*processes).map(&:value).uniq.size
      assert_equal 1, institute.logins
    end
  end

  def test_in_memory_every_process_has_its_own
    CountingInstitute.open do |institute|
      refute_equal process(institute, store: "memory"), process(institute, store: "memory")
      assert_equal 2, institute.logins
    end
  end

  def test_the_usual_directory
    CountingInstitute.open do |institute|
      environment = { "XDG_RUNTIME_DIR" => @folder }
      jwts = Array.new(2) { ruby(SCRIPT, institute.origin, institute.ca_file, "file", "1", env: environment) }
      assert_equal 1, jwts.uniq.size
      assert_equal ["testpress"], Dir.children(@folder)
    end
  end

  def test_a_store_that_cant_be_used_costs_a_login_and_no_more
    CountingInstitute.open do |institute|
      2.times { assert_match(/\AeyJ/, process(institute, store: "#{store}/nonexistent/store")) }
      assert_equal 2, institute.logins
      assert_empty Dir.children(@folder)
    end
  end

  def test_a_store_that_can_be_used_passes_its_check
    ["memory", store, "#{store}/new"].each { |store| assert_nil check(store) }
    assert_path_exists File.join(@folder, "new")
  end

  def test_the_check_of_a_store_that_cant_be_used_names_it
    File.write(File.join(@folder, "plain-file"), "")
    ["nonexistent/store", "plain-file"].each do |name|
      error = assert_raises(Testpress::StoreError) { check("#{store}/#{name}") }
      assert_includes error.message, File.join(@folder, name)
      refute_predicate error, :retryable?
    end
  end

  def test_the_clients_logger_hears_what_a_check_mended
    File.chmod(0o755, @folder)
    output = StringIO.new
    assert_nil check(store, logger: Logger.new(output))
    assert_equal 0o700, File.stat(@folder).mode & 0o777
    assert_match(/WARN -- testpress: the token store #{@folder} /, output.string)
  end

  def test_a_refusal_holds_for_other_processes
    CountingInstitute.open do |institute|
      script = SCRIPT.sub('"right"', '"wrong"')
      2.times do
        _, errors, status = run_ruby(script, institute.origin, institute.ca_file, store, "1")
        refute_predicate status, :success?
        assert_includes errors, "Testpress::RejectedError"
      end
      assert_equal 1, institute.logins
    end
  end

  def test_what_is_stored_has_no_password
    CountingInstitute.open { |institute| process(institute) }
    files = Dir.children(@folder).map { |name| File.join(@folder, name) }
    refute_empty files
    files.each do |file|
      assert_equal 0o600, File.stat(file).mode & 0o777
      ["right", "ada\n", Digest::SHA256.hexdigest("right")].each { |word| refute_includes File.read(file), word }
    end
  end

  def test_a_stored_token_that_a_real_institute_refuses
    with_institute(store: store) { |client| Testpress::Session.new(client, "testpress", "demo").token }
    spoil_the_stored_token
    # A process that has not seen the good one.
    assert_equal "200 testpress\n", ruby(<<~RUBY, institute, store)
      require "net/http"
      client = Testpress::Client.new(ARGV.first, store: ARGV.last)
      session = Testpress::Session.new(client, "testpress", "demo")
      abort "this is no spoilt token" unless session.token.jwt.end_with?(".spoilt")
      uri = URI("\#{session.origin}/api/v2.2/me/")
      answer = Net::HTTP.start(uri.host, uri.port, use_ssl: true) { |http| session.request(http, Net::HTTP::Get.new(uri)) }
      puts "\#{answer.code} \#{JSON.parse(answer.body)["username"]}"
    RUBY
  end

  def test_a_forked_child_has_its_parents_token_and_session
    CountingInstitute.open do |institute|
      output = ruby(<<~RUBY, institute.origin, institute.ca_file)
        $stdout.sync = true
        client = Testpress::Client.new(ARGV.first, ca_file: ARGV.last)
        session = Testpress::Session.new(client, "ada", "right")
        puts session.token.jwt
        2.times { Process.wait(fork { puts session.token.jwt }) }
        Process.wait(fork { session.close })
        puts session.token.jwt
      RUBY
      assert_equal 4, output.lines.size
      assert_equal 1, output.lines.uniq.size
      assert_equal 1, institute.logins
    end
  end

  def test_children_of_a_session_that_has_not_logged_in_make_one_login
    CountingInstitute.open do |institute|
      output = ruby(<<~RUBY, institute.origin, institute.ca_file, store)
        $stdout.sync = true
        client = Testpress::Client.new(ARGV[0], ca_file: ARGV[1], store: ARGV[2])
        session = Testpress::Session.new(client, "ada", "right")
        Array.new(4) { fork { puts session.token.jwt } }.each { |pid| Process.wait(pid) }
      RUBY
      assert_equal 4, output.lines.size
      assert_equal 1, output.lines.uniq.size
      assert_equal 1, institute.logins
    end
  end

  def test_a_child_that_is_forked_amid_a_login_logs_in_itself
    CountingInstitute.open do |institute|
      institute.hold
      forking = Thread.new do
        ruby(<<~RUBY, institute.origin, institute.ca_file)
          $stdout.sync = true
          client = Testpress::Client.new(ARGV.first, ca_file: ARGV.last)
          session = Testpress::Session.new(client, "ada", "right")
          thread = Thread.new { session.token.jwt }
          Thread.pass until thread.status == "sleep"
          Process.wait(fork { puts session.token.username })
          puts thread.value.size > 10
        RUBY
      end
      2.times { institute.wait_for_login }
      institute.release
      join(forking)
      assert_equal "ada\ntrue\n", forking.value
    end
  end

  private

  def check(store, **options)
    Testpress::Session.new(Testpress::Client.new("demo", store: store, **options), "ada", "right").check_store
  end

  # As a server sees it whose keys have changed: all is well but the signature.
  def spoil_the_stored_token
    file = Dir[File.join(@folder, "*.token")].first
    json = File.read(file).lines.last.sub(/(?<="jwt":")(.*)\.[^."]*/, '\1.spoilt')
    File.write(file, "testpress-store 2 #{Digest::SHA256.hexdigest(json)[0, 32]}\n#{json}")
  end
end
