@payment
Feature: Paying later
  A customer who does not pay at once can pay the same order later.

  Background:
    Given Christina has signed in

  @mock_only
  Scenario: A customer comes back to a payment session on another device and pays
    Given Christina has ordered 1 "Product 14", to be paid by "card"
    And Christina has opened a payment session for the order
    And Christina has signed in on another device
    When the payment is completed
    Then the order's payment session is the one that was opened
    And the order follows the completed payment

  @mock_only
  Scenario Outline: A customer pays for an order after a payment that was <outcome>
    Given Christina has ordered 1 "Product 14", to be paid by "card"
    And Christina has opened a payment session for the order
    And the payment was <outcome>
    And Christina has opened another payment session for the order
    When the payment is completed
    Then the order follows the completed payment

    Examples:
      | outcome  |
      | canceled |
      | expired  |

  @mock_only
  Scenario: A customer who wanted to pay in cash pays by card
    Given Christina has ordered 1 "Product 14", to be paid by "cash"
    And Christina has changed the order, to be paid by "card"
    And Christina has opened a payment session for the order
    When the payment is completed
    Then the order follows the completed payment
    And nothing else has changed

  Scenario: A customer asks for a second payment session
    Given Christina has ordered 1 "Product 14"
    And Christina has opened a payment session for the order
    When Christina asks for another payment session for the order
    Then the order can still be paid
    And nothing else has changed

  @mock_only
  Scenario: An order stays when its payment session cannot be opened
    Given Christina has ordered 1 "Product 14", to be paid by "card"
    And the shop has disconnected the payment account "card"
    When Christina tries to open a payment session for the order
    Then the shop refuses, saying "Your payment account is not connected."
    And the order has no payment session
    And nothing else has changed
