@payment
Feature: Refunds
  A customer who has paid for an order can request a refund, and can withdraw the request.
  How a shop responds to refund requests is documented only in part. So live runs skip these scenarios.
  In the last scenario, Ben first succeeds with an order that Ben placed. So the refusal has only one reason: the order is
  Christina's.

  Background:
    Given Christina has signed in

  @mock_only
  Scenario: A refund request for an unpaid order is refused
    Given Christina has ordered 1 "Product 14"
    When Christina tries to request a refund for 1 "Product 14"
    Then the shop refuses the request with the message "You cannot refund uncompleted order"
    And the order has no refund request
    And nothing has changed

  @mock_only
  Scenario: A customer can request a refund for part of an order
    Given Christina has ordered 2 "Product 14" with the payment method "card" and paid for it
    When Christina requests a refund for 1 "Product 14"
    Then the order has a refund request for 1 "Product 14"
    And nothing else has changed

  @mock_only
  Scenario: A customer can withdraw a refund request
    Given Christina has ordered 1 "Product 14" with the payment method "card" and paid for it
    And Christina has requested a refund for 1 "Product 14"
    And Christina has viewed the refund requests of the order
    When Christina withdraws the refund request
    Then the order has no open refund request
    And nothing else has changed

  @severity:critical @mock_only @undocumented
  Scenario: A customer cannot request a refund for another customer's order
    Given Christina has ordered 1 "Product 14" with the payment method "card" and paid for it
    And Ben has signed in, ordered 1 "Product 14" with the payment method "card", paid for it and requested a refund
    When Ben tries to request a refund for 1 "Product 14" of Christina's order
    Then the shop refuses the request
    And the order has no refund request
    And nothing has changed
