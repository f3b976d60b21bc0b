# frozen_string_literal: true

workers Integer(ENV.fetch('WORKERS'))
threads 1, 4
preload_app!
# An orderly stop ends with status 0.
raise_exception_on_sigterm false
