@ordering
Feature: Canceling an order
  A customer can cancel an order until it is paid. A paid order stays as it is.

  Background:
    Given Christina has signed in

  Rule: An unpaid order can be canceled

    Scenario: A customer cancels an order
      Given Christina has ordered 1 "Product 14"
      When Christina cancels the order
      Then the status of the order is that of canceled orders
      And nothing else has changed

    Scenario: A customer cancels an order that waits for its payment
      Given Christina has ordered 1 "Product 14"
      And Christina has opened a payment session for the order
      When Christina cancels the order
      Then the status of the order is that of canceled orders
      And nothing else has changed

    Scenario: A status alone cancels no order
      Given Christina has ordered 1 "Product 14"
      When Christina tries to cancel the order by its status alone
      Then the shop refuses, saying "Order must have a payment"
      And nothing else has changed

    @severity:critical @undocumented
    Scenario: A customer cannot cancel the order of another customer
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in and can order 1 "Product 14" and cancel it
      When Ben tries to cancel the order
      Then the shop refuses
      And nothing else has changed

  Rule: An order whose payment has ended cannot be canceled

    @severity:critical @mock_only
    Scenario: A customer cannot cancel an order that was paid a moment ago
      Given Christina has ordered and paid for 1 "Product 14" by "card"
      When Christina tries to cancel the order
      Then the shop finds a mistake in it
      And the order is paid
      And nothing else has changed

    @mock_only
    Scenario: A customer cannot cancel an order whose payment session has expired
      Given Christina has ordered 1 "Product 14", to be paid by "card"
      And Christina has opened a payment session for the order
      And the payment was expired
      When Christina tries to cancel the order
      Then the shop finds a mistake in it
      And nothing else has changed
