@ordering
Feature: Canceling an order
  A customer can cancel an order until its payment is completed or its payment session expires.

  Background:
    Given Christina has signed in

  Rule: A customer can cancel an unpaid order

    Scenario: A customer can cancel an unpaid order
      Given Christina has ordered 1 "Product 14"
      When Christina cancels the order
      Then the order's status is the shop's status for canceled orders
      And nothing else has changed

    Scenario: A customer can cancel an order that has an open payment session
      Given Christina has ordered 1 "Product 14"
      And Christina has opened a payment session for the order
      When Christina cancels the order
      Then the order's status is the shop's status for canceled orders
      And nothing else has changed

  Rule: Incomplete cancellations, and cancellations of paid, expired or other customers' orders, are refused

    Scenario: A cancellation that sends only the new status is refused
      Given Christina has ordered 1 "Product 14"
      When Christina tries to cancel the order by sending only the new status
      Then the shop refuses the request with the message "Order must have a payment"
      And nothing has changed

    @severity:critical @undocumented
    Scenario: A customer cannot cancel another customer's order
      Given Christina has ordered 1 "Product 14"
      And Ben has signed in, ordered 1 "Product 14" and canceled it
      When Ben tries to cancel Christina's order
      Then the shop refuses the request
      And nothing has changed

    @severity:critical @mock_only
    Scenario: A customer cannot cancel a paid order
      Given Christina has ordered 1 "Product 14" with the payment method "card" and paid for it
      When Christina tries to cancel the order
      Then the shop rejects the request as invalid
      And the order is marked as paid
      And nothing has changed

    @mock_only
    Scenario: A customer cannot cancel an order whose payment session has expired
      Given Christina has ordered 1 "Product 14" with the payment method "card"
      And Christina has opened a payment session for the order
      And the payment provider has reported the payment as expired
      When Christina tries to cancel the order
      Then the shop rejects the request as invalid
      And nothing has changed
