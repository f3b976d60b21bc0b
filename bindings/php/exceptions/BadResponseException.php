<?php

declare(strict_types=1);

namespace Testpress;

/** TP_E_BAD_RESPONSE: the answer is not one of the Testpress API: a captive portal, a redirect, cut short. */
final class BadResponseException extends ServerFaultException
{
}
