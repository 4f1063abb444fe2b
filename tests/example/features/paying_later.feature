@payment
Feature: Paying later
  A customer who does not pay immediately can pay for the order later. Each payment method belongs to a payment account
  of the shop. The payment account is connected if it can take payments. The order's status follows its payment, and
  "nothing else has changed" checks that, too. If an order already has an open payment session, the shop may refuse a
  second one, keep both, or replace the first.

  Background:
    Given Christina has signed in

  @mock_only
  Scenario: Signing in on another device does not stop a payment
    Given Christina has ordered 1 "Product 14" with the payment method "card" and opened a payment session
    And Christina has signed in on a phone
    When the payment provider reports the payment as completed
    Then the payment session's status is completed
    And Christina finds the payment session by its order
    And nothing else has changed

  @mock_only
  Scenario Outline: A customer can pay for an order whose first payment was <outcome>
    Given Christina has ordered 1 "Product 14" with the payment method "card" but the payment was <outcome>
    And Christina has opened another payment session for the order
    When the payment provider reports the payment as completed
    Then the order's status shows that the payment is completed
    And nothing else has changed

    Examples:
      | outcome  |
      | canceled |
      | expired  |

  Scenario: A customer can switch an unpaid order from cash to card
    Given Christina has ordered 1 "Product 14" with the payment method "cash"
    And Christina has changed the order's payment method to "card"
    When Christina opens a payment session for the order
    Then the payment session is waiting for a "card" payment and has a checkout link
    And nothing else has changed

  Scenario: After an attempt to open a second payment session, one still waits for payment
    Given Christina has ordered 1 "Product 14"
    And Christina has opened a payment session for the order
    When Christina tries to open another payment session for the order
    Then the order has a payment session that is waiting for payment
    And nothing else has changed

  @mock_only
  Scenario: An order is kept when its payment session cannot be opened
    Given Christina has ordered 1 "Product 14" with the payment method "card"
    And the shop has disconnected the payment account of "card"
    When Christina tries to open a payment session for the order
    Then the shop refuses the request with the message "Your payment account is not connected."
    And the order has no payment session
    And nothing has changed

  @mock_only
  Scenario: An open payment session is kept when another cannot be opened
    Given Christina has ordered 1 "Product 14" with the payment method "card"
    And Christina has opened a payment session for the order
    And the shop has disconnected the payment account of "card"
    When Christina tries to open a payment session for the order
    Then the shop refuses the request with the message "Your payment account is not connected."
    And nothing has changed
