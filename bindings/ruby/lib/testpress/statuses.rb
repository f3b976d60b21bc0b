# frozen_string_literal: true

require_relative "errors"

module Testpress
  # The class of each of the library's statuses. A status that is newer than this table raises {Error} itself.
  STATUSES = {
    1 => InvalidArgumentError,
    2 => InternalError,
    3 => CancelledError,
    4 => StoreError,
    10 => DnsError,
    11 => ConnectError,
    12 => TlsError,
    13 => ProxyError,
    14 => TimeoutError,
    15 => OutcomeUnknownError,
    20 => RejectedError,
    21 => LockedError,
    22 => TooManyDevicesError,
    23 => ThrottledError,
    24 => UnauthorizedError,
    25 => ForbiddenError,
    26 => NotFoundError,
    27 => BadRequestError,
    40 => ServerError,
    41 => BadResponseError
  }.freeze

  # TooManyDevicesError -> "TP_E_TOO_MANY_DEVICES"
  STATUS_NAMES = STATUSES.transform_values do |error_class|
    words = error_class.name.split("::").last.delete_suffix("Error").scan(/[A-Z][a-z]*/)
    "TP_E_#{words.join('_').upcase}"
  end.freeze
end
