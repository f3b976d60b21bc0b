# frozen_string_literal: true

require_relative "own_folder"
require_relative "test_case"

# Where the library is looked for, and what is said when it isn't there.
class LoadingTest < TestCase
  include OwnFolder

  LIBRARY = File.expand_path(ENV.fetch("TESTPRESS_LIBRARY"))
  FILE = "libtestpress.so.1"
  SYSTEM = { "TESTPRESS_LIBRARY" => nil, "LD_LIBRARY_PATH" => nil }.freeze
  SAY = <<~RUBY
    begin
      Testpress.library_path = ARGV.first if ARGV.any?
      puts "loaded \#{Testpress.library_version}"
    rescue Testpress::LibraryError => error
      puts error.class, error.message
    end
  RUBY

  # A library of a few functions, each of which returns a number.
  def build(functions, name = FILE)
    path = File.join(@folder, name)
    source = functions.map { |function, number| "int #{function}(void) { return #{number}; }" }.join("\n")
    output, status = Open3.capture2e("gcc", "-shared", "-fPIC", "-x", "c", "-", "-o", path, stdin_data: source)
    assert_predicate status, :success?, output
    path
  end

  def write(content, name = FILE)
    File.join(@folder, name).tap { |path| File.write(path, content) }
  end

  def say(*setting, **environment)
    ruby(SAY, *setting, env: SYSTEM.merge(environment.transform_keys(&:to_s)))
  end

  def test_a_setting_in_code
    assert_match(/\Aloaded \d/, say(LIBRARY))
    assert_match(/\Aloaded \d/, say(LIBRARY, TESTPRESS_LIBRARY: "/nonexistent"))
  end

  def test_the_variable
    assert_match(/\Aloaded \d/, say(TESTPRESS_LIBRARY: LIBRARY))
  end

  def test_the_systems_library
    FileUtils.cp(LIBRARY, File.join(@folder, FILE))
    assert_match(/\Aloaded \d/, say(LD_LIBRARY_PATH: @folder))
    assert_match(/\Aloaded \d/, say(LD_LIBRARY_PATH: @folder, TESTPRESS_LIBRARY: ""))
  end

  def test_a_setting_that_fails_is_fatal
    FileUtils.cp(LIBRARY, File.join(@folder, FILE))
    answer = say("/nonexistent/lib.so", TESTPRESS_LIBRARY: LIBRARY, LD_LIBRARY_PATH: @folder)
    assert_match(/\ATestpress::LibraryNotFoundError\n.*library_path.*lib\.so.*No such file/, answer)
  end

  def test_a_variable_that_fails_is_fatal
    FileUtils.cp(LIBRARY, File.join(@folder, FILE))
    answer = say(TESTPRESS_LIBRARY: "/nonexistent/lib.so", LD_LIBRARY_PATH: @folder)
    assert_match(/\ATestpress::LibraryNotFoundError\n.*TESTPRESS_LIBRARY.*lib\.so.*No such file/, answer)
  end

  def test_nothing_found_lists_what_was_tried
    answer = say
    assert_match(/\ATestpress::LibraryNotFoundError\n/, answer)
    assert_includes answer, File.join(BINDING, "vendor", FILE)
    assert_includes answer, "\n  #{FILE}: "
    assert_match(/install/i, answer)
    assert_includes answer, "TESTPRESS_LIBRARY"
  end

  def test_a_text_file
    answer = say(write("this is no library\n" * 1000))
    assert_match(/\ATestpress::LibraryNotFoundError\n.*#{FILE}.*(ELF|too short)/, answer)
  end

  # ffi's own loader follows what looks like a linker's script, to wherever that leads.
  def test_a_linker_script_is_not_followed
    answer = say(write("INPUT ( #{LIBRARY} )\n" * 100))
    assert_match(/\ATestpress::LibraryNotFoundError\n/, answer)
  end

  def test_an_empty_file_and_a_folder
    assert_match(/\ATestpress::LibraryNotFoundError\n.*too short/, say(write("")))
    assert_match(/\ATestpress::LibraryNotFoundError\n.*directory/, say(@folder))
  end

  def test_a_path_that_can_be_none
    answer = ruby(SAY.sub("ARGV.first") { '"a\0b"' }, "x", env: SYSTEM)
    assert_match(/\ATestpress::LibraryNotFoundError\n.*library_path.*null byte/, answer)
  end

  def test_a_file_without_read_permission
    path = File.join(@folder, FILE)
    FileUtils.cp(LIBRARY, path)
    File.chmod(0o000, path)
    File.chmod(0o755, @folder)
    # Root reads everything.
    unprivileged = "Process::UID.change_privilege(65_534) if Process.uid.zero?\n"
    answer = ruby(unprivileged + SAY, path, env: SYSTEM)
    assert_match(/\ATestpress::LibraryNotFoundError\n.*Permission denied/, answer)
  end

  def test_a_library_of_something_else
    answer = say(build({ something_else: 1 }))
    assert_match(/\ATestpress::LibraryAbiError\n.*#{FILE}.*not libtestpress/, answer)
  end

  def test_another_abi
    answer = say(build({ tp_abi_version: 2, tp_version_number: 2_000_000 }))
    assert_match(/\ATestpress::LibraryAbiError\n.*#{FILE}.*ABI 2.*needs ABI 1/, answer)
  end

  def test_too_old
    answer = say(build({ tp_abi_version: 1, tp_version_number: 999 }))
    assert_match(/\ATestpress::LibraryTooOldError\n.*0\.0\.999.*0\.1\.0/, answer)
    assert_match(/\ATestpress::LibraryTooOldError\n/, say(build({ tp_abi_version: 1 })))
  end

  def test_a_function_is_missing
    answer = say(build({ tp_abi_version: 1, tp_version_number: 1000 }))
    assert_match(/\ATestpress::LibraryTooOldError\n.*has no tp_/, answer)
  end

  def test_after_a_failure_another_path_may_be_set
    script = <<~RUBY
      Testpress.library_path = "/nonexistent"
      begin
        Testpress::Client.new("demo")
      rescue Testpress::LibraryNotFoundError
        Testpress.library_path = ARGV.first
        puts Testpress::Client.new("demo").origin
      end
    RUBY
    assert_equal "https://demo.testpress.in\n", ruby(script, LIBRARY, env: SYSTEM)
  end

  def test_the_path_is_final_once_a_library_is_loaded
    Testpress.library_version
    error = assert_raises(Testpress::LibraryError) { Testpress.library_path = "/elsewhere" }
    assert_includes error.message, "loaded already"
    assert_nil Testpress.library_path
  end

  def test_nothing_is_loaded_before_it_is_used
    assert_equal "true\n", ruby("puts Testpress::Error.new.status.nil?", env: { "TESTPRESS_LIBRARY" => "/nonexistent" })
  end

  def test_threads_load_it_once
    script = <<~RUBY
      puts Array.new(20) { Thread.new { Testpress::Client.new("demo").origin } }.map(&:value).uniq
    RUBY
    assert_equal "https://demo.testpress.in\n", ruby(script)
  end
end
