@payment
Feature: Refunds
  A customer who has paid for an order can ask for money back, and withdraw that request.

  Background:
    Given Christina has signed in

  @mock_only
  Scenario: An unpaid order is not refunded
    Given Christina has ordered 1 "Product 14"
    When Christina tries to ask for a refund of 1 "Product 14"
    Then the shop refuses, saying "You cannot refund uncompleted order"
    And the order has no refund request
    And nothing else has changed

  @mock_only
  Scenario: A customer asks for a refund of a part of an order
    Given Christina has ordered and paid for 2 "Product 14" by "card"
    When Christina asks for a refund of 1 "Product 14"
    Then the order has a refund request for 1 "Product 14"
    And nothing else has changed

  @mock_only
  Scenario: A customer withdraws a refund request
    Given Christina has ordered and paid for 1 "Product 14" by "card"
    And Christina has asked for a refund of 1 "Product 14"
    And Christina has looked at the refund requests of the order
    When Christina withdraws the refund request
    Then the order has no open refund request
    And nothing else has changed

  @severity:critical @mock_only @undocumented
  Scenario: A customer gets no refund of the order of another customer
    Given Christina has ordered and paid for 1 "Product 14" by "card"
    And Ben has signed in
    When Ben tries to ask for a refund of 1 "Product 14"
    Then the shop refuses
    And the order has no refund request
    And nothing else has changed
