# frozen_string_literal: true

workers Integer(ENV.fetch('WORKERS'))
threads 1, 4
preload_app!
